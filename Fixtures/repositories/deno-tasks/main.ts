import { serve } from "jsr:@std/http";
