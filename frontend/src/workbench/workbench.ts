import "./workbench.css";
import "htmx.org";
