// The editors' toolbar stays in sight over the text unless an editor has put it away; Wagtail's
// appears only over selected words, and 小标题 is a click with nothing selected.
try {
  const key = "wagtail:draftail-toolbar";
  if (!localStorage.getItem(key)) localStorage.setItem(key, "sticky");
} catch {
  // Without storage it floats, as Wagtail has it.
}
