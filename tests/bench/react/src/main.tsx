// The macro as a React and Atlaskit app: the same calls, the same words, the same parts on screen. Its dialogs are left
// out, as Countersign's macro fetches its own only when a button is pressed.
import { view } from "@forge/bridge";
import { createRoot } from "react-dom/client";
import { Macro } from "./macro";
import "./macro.css";

void view.theme.enable();
createRoot(document.getElementById("root")!).render(<Macro />);
