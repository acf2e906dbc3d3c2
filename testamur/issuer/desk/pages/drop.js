/* Files dropped on the page go into its file field, and the page says which were chosen. */

const label = document.querySelector("[data-drop]");
const field = label?.querySelector("input[type=file]");
const status = document.querySelector("[data-chosen]");

function told() {
  status.textContent = [...field.files].map((file) => file.name).join(", ");
}

if (field) {
  field.addEventListener("change", told);
  for (const name of ["dragenter", "dragover"])
    label.addEventListener(name, (event) => {
      event.preventDefault();
      label.dataset.over = "";
    });
  for (const name of ["dragleave", "drop"]) label.addEventListener(name, () => delete label.dataset.over);
  label.addEventListener("drop", (event) => {
    event.preventDefault();
    field.files = event.dataTransfer.files;
    told();
  });
}
