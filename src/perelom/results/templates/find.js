"use strict";
(() => {
  const field = document.getElementById("find"), rows = [...document.querySelectorAll("#decided tbody tr")];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    rows.forEach((row, index) => {
      row.hidden = !words.every((word) => texts[index].includes(word));
      count += row.hidden ? 0 : 1;
    });
    document.getElementById("found").textContent = `${count} of ${rows.length} decisions`;
  });
})();
