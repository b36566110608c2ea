export const probe = "a file of tests";
