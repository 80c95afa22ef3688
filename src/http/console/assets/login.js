// Signing in: one call for the challenge, one gesture, one call with the answer.
import { note, onSubmit, post } from "./page.js";
import { get, supported } from "./passkey.js";

const form = document.getElementById("masuk");

onSubmit(form, async () => {
  if (!supported()) return note("unsupported");
  const { ceremony, options } = await post("/console/login/options", {});
  const { answer } = await get(options);
  await post("/console/login", { ceremony, answer });
  location.assign(form.dataset.next);
});
