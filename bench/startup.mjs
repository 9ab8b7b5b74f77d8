export async function startupSamples(){return []}
