// Set or take a star in the inbox without leaving the list.
document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-star]");
  if (!form || !event.submitter) return;
  event.preventDefault();
  const button = event.submitter;
  const starred = button.value === "1";
  const body = new FormData(form);
  body.append(button.name, button.value);
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body,
      headers: { "X-Requested-With": "XMLHttpRequest" },
    });
    if (!answer.ok) throw new Error(answer.status);
    button.setAttribute("aria-pressed", starred);
    button.value = starred ? "0" : "1";
  } catch {
    // Sent in the old way, the page comes back with what is wrong.
    form.append(Object.assign(document.createElement("input"), {
      type: "hidden", name: button.name, value: button.value,
    }));
    form.submit();
  }
});
