// Adding a further passkey in a session that another one opened.
import { note, onSubmit, post } from "./page.js";
import { create, get, proven, supported } from "./passkey.js";

const form = document.getElementById("tambah");

onSubmit(form, async () => {
  if (!supported()) return note("unsupported");
  const begun = await proven(() => post("/console/passkeys/options", {}));
  const creation = await create(begun.options);
  note("again");
  const label = form.elements.label.value;
  const made = await post("/console/passkeys/options", { ceremony: begun.ceremony, creation, label });
  const { answer, prf } = await get(made.options);
  await post("/console/passkeys", { ceremony: made.ceremony, answer, prf: prf !== null, secret: null });
  location.reload();
});
