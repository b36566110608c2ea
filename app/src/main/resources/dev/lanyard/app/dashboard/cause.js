// Why tasks are cancelled, and by whom.
import { visible } from "./format.js";

/** What the story says of a task that was cancelled on this page. */
export const CAUSE = "cancelled from the dashboard";

/** "api" names nobody: all that people do comes over the interface, from this page, too. */
export const by = (task) => (task.cancelBy && task.cancelBy !== "api" ? `by ${visible(task.cancelBy, 60)}` : "");
