import { open } from "../lib/shell";
import "./page.css";

open();
