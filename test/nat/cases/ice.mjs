export const iceCases = [];
