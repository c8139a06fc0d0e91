// Before the first paint: the theme that the reader chose here, else the system's.
if (localStorage.getItem("theme")) document.documentElement.dataset.theme = localStorage.getItem("theme");
