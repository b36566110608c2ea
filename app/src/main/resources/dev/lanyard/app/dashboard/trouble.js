// Says that what stands there could not be read again, and may be old.
import { h, setAttribute, setText } from "./elements.js";
import { icon } from "./icons.js";

export function trouble() {
  const words = h("span");
  const element = h("span", { class: "trouble", hidden: true }, icon("alert"), words);
  return {
    element,
    show(problem) {
      element.hidden = problem === null;
      setText(words, problem?.message ?? "");
      setAttribute(element, "title", problem && `${problem.title}. ${problem.message}`);
    },
  };
}
