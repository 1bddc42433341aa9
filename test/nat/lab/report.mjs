export async function writeReports() {}
