// <button data-copies="id" data-copied="…"> copies the entry with that id; without scripts it is hidden.
function showButtons() {
  for (const button of document.querySelectorAll("[data-copies][hidden]")) button.hidden = false;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  const entry = button && document.getElementById(button.dataset.copies);
  if (!entry) return;
  entry.select();
  try {
    await navigator.clipboard.writeText(entry.value);
  } catch {
    return; // the text stays selected, so that the person can copy it by hand
  }
  const words = button.querySelector("span");
  if (words) words.textContent = button.dataset.copied;
});

document.addEventListener("corploan:refreshed", showButtons);
showButtons();
