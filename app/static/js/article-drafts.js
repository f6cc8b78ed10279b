/** Drafts of articles: one form that can be kept or published, as the button says that sends it. */

document.addEventListener(
  "click",
  (event) => {
    const button = event.target instanceof Element ? event.target.closest("button[data-form-api]") : null;
    if (!(button instanceof HTMLButtonElement) || !button.form) return;
    const { formApi, formToast, formThen } = button.dataset;
    Object.assign(button.form.dataset, { api: formApi, toast: formToast, then: formThen });
  },
  { capture: true },
);
