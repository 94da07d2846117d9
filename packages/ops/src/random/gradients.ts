export const randomGradients = {};
