// The thread of a text search (index/crew.ts starts it).
import { serveJobs } from "../index/threads.ts";
import { scanTexts } from "./text-scan.ts";

serveJobs(scanTexts);
