// Files dropped anywhere on the page of sources go up one by one; each comes back as its preview.
// Without this script the form sends them all at once, and the page that follows shows the same.

const drop = document.getElementById("drop") as HTMLFormElement | null;

if (drop) {
  const input = drop.querySelector<HTMLInputElement>("input[type=file]");
  const arriving = document.getElementById("arriving");
  const section = document.getElementById("waiting");
  const list = document.getElementById("waiting-list");
  const most = Number(drop.dataset.most);
  const said = (name: string): string => drop.dataset[name] ?? "";
  let busy = false;
  const queue: File[] = [];

  const line = (file: File): HTMLLIElement => {
    const item = document.createElement("li");
    const name = document.createElement("span");
    name.className = "name";
    name.textContent = file.name;
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    const state = document.createElement("small");
    state.textContent = said("sending");
    item.append(name, bar, state);
    arriving?.append(item);
    return item;
  };

  const refuse = (item: HTMLElement, file: File, why: string): void => {
    const words = document.createElement("p");
    words.className = "wrong";
    words.setAttribute("role", "alert");
    words.textContent = `${file.name} ${why}`;
    item.replaceChildren(words);
  };

  const send = (file: File): Promise<void> =>
    new Promise((done) => {
      const item = line(file);
      if (file.size > most) {
        refuse(item, file, said("tooLarge"));
        done();
        return;
      }
      const body = new FormData();
      const token = drop.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]");
      body.append("csrfmiddlewaretoken", token?.value ?? "");
      body.append("files", file, file.name);
      const request = new XMLHttpRequest();
      request.open("POST", drop.action);
      request.setRequestHeader("HX-Request", "true");
      const bar = item.querySelector("progress");
      request.upload.addEventListener("progress", (event) => {
        if (bar && event.lengthComputable) bar.value = event.loaded / event.total;
      });
      request.upload.addEventListener("load", () => {
        bar?.removeAttribute("value");
        const state = item.querySelector("small");
        if (state) state.textContent = said("reading");
      });
      request.addEventListener("loadend", () => {
        if (request.status === 200 && list && section) {
          item.remove();
          list.insertAdjacentHTML("beforeend", request.responseText);
          section.hidden = false;
          list.querySelectorAll<HTMLElement>("[data-look]").forEach(listen);
        } else refuse(item, file, said("failed"));
        done();
      });
      request.send(body);
    });

  const work = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    let n = 0;
    for (let file = queue.shift(); file; file = queue.shift()) {
      await send(file);
      n += 1;
    }
    busy = false;
    const aloud = document.getElementById("said");
    if (aloud) aloud.textContent = `${n} ${said("done")}`;
    const title = document.getElementById("waiting-title");
    if (section && !section.hidden) title?.focus();
  };

  const take = (files: FileList | null | undefined): void => {
    if (!files?.length) return;
    queue.push(...files);
    void work();
  };

  input?.addEventListener("change", () => {
    take(input.files);
    input.value = "";
  });
  drop.querySelector<HTMLElement>("[data-send]")?.setAttribute("hidden", "");
  let inside = 0;
  const over = (on: boolean): void => void drop.classList.toggle("is-over", on);
  const holds = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
  document.addEventListener("dragenter", (event) => {
    if (holds(event)) over(++inside > 0);
  });
  document.addEventListener("dragleave", (event) => {
    if (holds(event)) over(--inside > 0);
  });
  document.addEventListener("dragover", (event) => {
    if (holds(event)) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    if (!holds(event)) return;
    event.preventDefault();
    inside = 0;
    over(false);
    take(event.dataTransfer?.files);
  });
}

// Saying what a file is looks into it again at once.
function listen(select: HTMLElement): void {
  if (select.dataset.heard) return;
  select.dataset.heard = "1";
  select.addEventListener("change", () => {
    select.closest(".kind")?.querySelector<HTMLButtonElement>("button[name=look]")?.click();
  });
}
document.querySelectorAll<HTMLElement>("[data-look]").forEach(listen);

// What cannot be taken back asks first.
document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLElement>("[data-sure]");
  if (button && !confirm(button.dataset.sure ?? "")) event.preventDefault();
});
