import "./workbench.css";
import "htmx.org";
import "./keyboard";
import "./strokes";
import "./places";
import "./team";
import "./board";
import "./lint";
