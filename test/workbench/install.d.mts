export const cache: string;
export const workbenchNode: string;
export const workbenchEntry: string;
export function findChromium(): string | undefined;
export function missing(): string | undefined;
export function isInstalled(): boolean;
export function install(): void;
