/** The list of contacts: the dialog that adds one. */
import { bindOpens } from "./opens.js";

bindOpens();
