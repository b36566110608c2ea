// Puts ids into the clipboard.
import { complain, toast } from "./toast.js";

export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    toast(`Copied the ${what}.`);
  } catch {
    complain(new Error(`The browser does not allow to copy the ${what} here.`));
  }
}
