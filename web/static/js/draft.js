// A form with data-autosave="URL" is saved while it is filled in: 600 ms after the last change,
// one request at a time. The server answers {saved_at, completeness_percent, warnings: [{field, message}]}.
const PAUSE = 600;

function keepSaved(form) {
  const mark = form.querySelector("[data-saved]");
  let timer = 0;
  let running = false;
  let changed = false;

  function show(state, time = "") {
    if (!mark) return;
    mark.dataset.state = state;
    mark.textContent = (mark.dataset[state] || "").replace("{time}", time);
  }

  function later(pause) {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  }

  async function save() {
    if (running) return;
    running = true;
    changed = false;
    show("saving");
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST",
        body: new URLSearchParams([...new FormData(form)].filter(([, v]) => typeof v === "string")),
        headers: { Accept: "application/json" },
        credentials: "same-origin",
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const saved = await answer.json();
      showWarnings(form, saved.warnings || []);
      showCompleteness(saved.completeness_percent);
      show("saved", new Date(saved.saved_at).toLocaleTimeString(document.documentElement.lang));
    } catch {
      changed = true;
      show("offline");
    }
    running = false;
    if (changed) later(mark?.dataset.state === "offline" ? 5000 : PAUSE);
  }

  form.addEventListener("input", () => {
    changed = true;
    later(PAUSE);
  });
  addEventListener("online", () => changed && later(0));
  addEventListener("beforeunload", (event) => {
    if (changed && !form.dataset.sent) event.preventDefault();
  });
}

function showWarnings(form, warnings) {
  const messages = new Map(warnings.map(({ field, message }) => [field, message]));
  for (const place of form.querySelectorAll("[data-warning-for]")) {
    const message = messages.get(place.dataset.warningFor) || "";
    place.textContent = message;
    place.hidden = !message;
  }
}

function showCompleteness(percent) {
  const words = document.querySelector("[data-completeness]");
  const bar = document.querySelector("[data-completeness-bar]");
  if (percent === undefined || !words || !bar) return;
  words.textContent = words.dataset.text.replace("{percent}", percent);
  bar.value = percent;
}

for (const form of document.querySelectorAll("form[data-autosave]")) keepSaved(form);
