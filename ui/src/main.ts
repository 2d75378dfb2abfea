import { mount } from "svelte";

import App from "./App.svelte";
import { tauri } from "./backend";
import { Store } from "./state.svelte";
import "./tokens.css";
import "./style.css";

// The twin is no part of what ships: both conditions are settled when the files are built.
const backend =
  import.meta.env.DEV || import.meta.env.MODE === "twin"
    ? (await import("./twin")).twin(new URLSearchParams(location.search))
    : tauri();
const store = new Store(backend);
mount(App, { target: document.body, props: { store } });
await store.start();
