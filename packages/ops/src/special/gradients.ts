export const specialGradients = {};
