// Acts of the office that need a fresh proof: the passkey first, then the form as it stands.
import { explain, note, post } from "./page.js";
import { get } from "./passkey.js";

async function prove() {
  const { ceremony, options } = await post("/console/proof/options", {});
  const { answer } = await get(options);
  await post("/console/proof", { ceremony, answer });
}

for (const form of document.querySelectorAll("form[data-proof=needed]")) {
  form.addEventListener("submit", async (event) => {
    if (form.dataset.proof !== "needed") return;
    event.preventDefault();
    note(null);
    try {
      await prove();
    } catch (error) {
      return explain(error);
    }
    for (const other of document.querySelectorAll("form[data-proof]")) other.dataset.proof = "given";
    // With its button: some forms have more than one.
    form.requestSubmit(event.submitter);
  });
}
