// Buttons that ask the browser for a passkey: data-passkey="create" or "get", data-credential (where its answer goes),
// data-options (id of the options) or data-options-url (where they are fetched), data-passwordless (a check box).
"use strict"

const optionsOf = async (button) => {
  if (!button.dataset.optionsUrl) return JSON.parse(document.getElementById(button.dataset.options).textContent)
  const answer = await fetch(button.dataset.optionsUrl, { headers: { Accept: "application/json" } })
  if (!answer.ok) throw new Error("no options")
  return answer.json()
}

const wantsPasswordless = (button, options) => {
  const box = document.getElementById(button.dataset.passwordless || "")
  if (!box) return options
  const selection = options.publicKey.authenticatorSelection
  selection.residentKey = box.checked ? "required" : "discouraged"
  selection.requireResidentKey = box.checked
  if (box.checked) selection.userVerification = "required"
  return options
}

const ask = async (button) => {
  const data = await optionsOf(button)
  if (button.dataset.passkey === "create") return window.webauthnJSON.create(wantsPasswordless(button, data.creation_options))
  return window.webauthnJSON.get(data.request_options)
}

for (const button of document.querySelectorAll("[data-passkey]")) {
  const problem = document.querySelector("[data-passkey-problem]")
  button.addEventListener("click", async (event) => {
    event.preventDefault()
    if (problem) problem.hidden = true
    try {
      document.getElementById(button.dataset.credential).value = JSON.stringify(await ask(button))
      button.form.submit()
    } catch {
      if (problem) problem.hidden = false
    }
  })
}
