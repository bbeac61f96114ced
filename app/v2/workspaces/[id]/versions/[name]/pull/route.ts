import { versions } from "@/lib/contract/versions";
import { AppError } from "@/lib/domain/error";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { answerPull } from "@/lib/http/answers/versioning";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(versions.pull, async (context) => {
    const { body, params, workspace } = context;
    if (body.version !== undefined && body.version !== params.name)
      throw new AppError(
        "InvalidRequest",
        "The path and the body have different versions. Remove one of them.",
      );
    return answerPull(context, workspace.id, params.name);
  }),
);
