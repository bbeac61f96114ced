import { z } from "zod";
import { route } from "@/lib/http/route";
import { listPeople } from "@/lib/server/access/people";

const Person = z.object({ id: z.string(), email: z.string(), firstName: z.string(), lastName: z.string() });

export const GET = route({ access: "signed-in", response: z.array(Person) }, async ({ engine, viewer }) =>
  listPeople(engine, viewer),
);
