export function hasCertificates(
  env: Readonly<Record<string, string | undefined>>,
  root?: string,
): boolean;
