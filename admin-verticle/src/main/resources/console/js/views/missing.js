import { h, tags } from "../dom.js";
import { Empty, Title } from "../parts.js";

export const Missing = () => [
  h(Title, { text: "Nothing here" }),
  h(Empty, { name: "signpost-split", title: "There is no such page" }, "Go to the ", tags.a({ href: "/" }, "overview"), "."),
];
