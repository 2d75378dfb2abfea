import { afterAll, beforeAll, test } from "vitest";

import { Desk } from "./browser";
import { lookAt, VIEWS } from "./views";

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.start();
});
afterAll(() => desk.stop());

test.each(VIEWS)("$name is whole, readable and in reach at every width (en)", (view) => lookAt(desk, view, "en"));
