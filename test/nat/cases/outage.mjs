export const outageCases = [];
