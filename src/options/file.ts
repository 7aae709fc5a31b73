/** How long a browser may take to read what a click saves, ms. Firefox begins after the click. */
const readFor = 60_000;

/** Saves a text as a file among the user's downloads. Takes no permission: the page itself has it. */
export function saveFile(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, readFor);
}
