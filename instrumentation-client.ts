import { z } from "zod";

// Compiled schemas need `eval`, which the policy of our pages does not allow; trying alone is reported as a breach.
z.config({ jitless: true });
