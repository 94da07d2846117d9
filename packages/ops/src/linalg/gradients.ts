export const linalgGradients = {};
