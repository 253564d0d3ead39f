// Signing in. The first password is printed by the relay when it starts.
import { signIn } from "../api.js";
import { h, tags, useEffect, useRef } from "../dom.js";
import { Fault, TextField } from "../parts.js";
import { change } from "../session.js";
import { useAction } from "../use.js";

const { button, code, div, form, h1, img, main, p } = tags;

export function SignIn() {
  const place = useRef(null);
  const action = useAction(async (user, password) => change({ account: await signIn(user, password) }));
  useEffect(() => {
    document.title = "Sign in · Stagepost";
    place.current.querySelector("input")?.focus();
  }, []);
  const submit = (event) => {
    event.preventDefault();
    const { user, password } = event.target.elements;
    action.run(user.value, password.value).then(() => password.select?.());
  };
  return main(
    { class: "alone" },
    form(
      { class: "card shadow-sm", ref: place, onSubmit: submit, "aria-labelledby": "signin-title" },
      div(
        { class: "card-body p-4" },
        div(
          { class: "d-flex align-items-center gap-2 mb-4" },
          img({ src: "/icon.svg", alt: "", width: 36, height: 36 }),
          h1({ class: "h4 mb-0", id: "signin-title" }, "Stagepost"),
        ),
        h(Fault, { error: action.error?.isBeyond?.(["/user", "/password"]) === false ? null : action.error }),
        h(TextField, { id: "user", text: "User", autocomplete: "username", required: true, error: action.error?.at?.("/user") }),
        h(TextField, {
          id: "password",
          text: "Password",
          type: "password",
          autocomplete: "current-password",
          required: true,
          error: action.error?.at?.("/password"),
        }),
        button({ type: "submit", class: "btn btn-primary w-100", id: "sign-in", disabled: action.busy }, action.busy ? "Checking …" : "Sign in"),
      ),
    ),
    p({ class: "quiet small text-center mt-3" }, "The first password is printed by ", code({}, "deploy/run"), " when it starts."),
  );
}
