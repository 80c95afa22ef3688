// The outcome of an approval, looked at again until every document is issued. Left alone while
// someone reads it with the keyboard or has it in the background.
const again = () => {
  const busy = document.hidden || document.activeElement !== document.body;
  if (busy) setTimeout(again, 5000);
  else location.reload();
};
setTimeout(again, 5000);
