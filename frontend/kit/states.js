// What needs a pointer or a key, at rest: each rule for `:hover`, `:focus-visible` or `:active` holds for a class
// of that name, too. Style sheets come when they come, so each that does has it done again.
const STATES = { ":hover": ".is-hover", ":focus-visible": ".is-focus", ":active": ".is-active" };
const held = new CSSStyleSheet();
document.adoptedStyleSheets = [held];

function hold() {
  while (held.cssRules.length) held.deleteRule(0);
  for (const { cssRules } of document.styleSheets) {
    for (const { cssText } of cssRules) {
      const text = cssText.replaceAll(/:(hover|focus-visible|active)\b/g, (state) => STATES[state]);
      if (text !== cssText) held.insertRule(text, held.cssRules.length);
    }
  }
}

hold();
document.addEventListener("load", hold, { capture: true });
