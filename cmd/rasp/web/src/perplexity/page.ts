import { open } from "../lib/shell";

open();
