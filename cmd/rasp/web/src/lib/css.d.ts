declare module "*.css"; // esbuild makes a file of styles beside the script
