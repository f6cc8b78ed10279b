/** What every page has. */
import { bindActions } from "./actions.js";
import { bindCopy } from "./copy.js";
import { bindForms } from "./forms.js";
import { bindMenus } from "./menu.js";
import { bindSession } from "./session.js";
import { bindTheme } from "./theme.js";
import { writeTimes } from "./times.js";
import { showKept } from "./toast.js";

writeTimes();
bindTheme();
bindForms();
bindActions();
bindCopy();
bindMenus();
bindSession();
showKept();
