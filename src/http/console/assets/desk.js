// The desk by keyboard: each key follows the link or presses the button that the page marks
// with it. Without script the same links and buttons are there.

const marked = (key) => document.querySelector(`[data-key="${CSS.escape(key)}"]`);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const target = marked(event.key.toLowerCase());
  if (!target) return;
  event.preventDefault();
  target.click();
});

// A decision is sent once, however often the button is pressed.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
