// A proposed wording goes into the field that it mends; without scripts its button saves it.
document.addEventListener("click", (event) => {
  const mend = (event.target as Element).closest<HTMLButtonElement>("[data-mend]");
  const field = mend?.form?.querySelector<HTMLTextAreaElement>("[data-lint]");
  if (!mend || !field) return;
  event.preventDefault();
  field.value = mend.value;
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
