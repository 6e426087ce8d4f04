// Migrations are real .sql files; the bundler hands them over as text.
declare module "*.sql" {
  const text: string;
  export default text;
}
