// Using an invitation: who is invited, making a passkey, trying it. The link's secret stands after
// the hash sign; it is taken out of the address at once, so that no history keeps it.
import { explain, note, onSubmit, post } from "./page.js";
import { create, get, supported } from "./passkey.js";
import { sealPassphrase, sealPrf } from "./envelope.js";

const form = document.getElementById("undangan");
const who = document.getElementById("siapa");
const token = location.hash.slice(1);
history.replaceState(null, "", location.pathname + location.search);

let first = false;

async function look() {
  if (!supported()) return note("unsupported");
  if (!token) return note("invitation");
  const invited = await post("/console/enrol/invitation", { token });
  first = invited.first;
  if (first) {
    document.getElementById("perkenalan").hidden = false;
  } else {
    who.textContent = `${who.dataset.for} ${invited.name}, ${invited.office}.`;
    who.hidden = false;
  }
  form.hidden = false;
}

onSubmit(form, async () => {
  const name = form.elements.name.value.trim();
  const office = form.elements.office.value.trim();
  if (first && !(name && office)) return note("name");
  const begun = await post("/console/enrol/options", first ? { token, name, office } : { token });
  const creation = await create(begun.options);
  note("again");
  const label = form.elements.label.value;
  const made = await post("/console/enrol/made", { ceremony: begun.ceremony, creation, label });
  const { answer, prf } = await get(made.options);
  const secret = made.envelope ? await sealed(made.envelope, prf) : null;
  await post("/console/enrol", { ceremony: made.ceremony, answer, prf: prf !== null, secret });
  location.assign("/console");
});

/** What seals a signatory's key: the PRF output, or a passphrase where the device has none. */
async function sealed(envelope, prf) {
  if (prf) return sealPrf(envelope, prf);
  const asked = document.getElementById("sandi");
  const [first, again] = asked.querySelectorAll("input");
  form.hidden = true;
  asked.hidden = false;
  note("passphrase");
  first.focus();
  return new Promise((done) => {
    asked.addEventListener("submit", (event) => {
      event.preventDefault();
      if ([...first.value].length < 12) return note("short");
      if (first.value !== again.value) return note("unequal");
      note(null);
      const secret = sealPassphrase(envelope, first.value);
      first.value = again.value = "";
      done(secret);
    });
  });
}

look().catch(explain);
