export declare const POLICY: string;
export declare function serve(folder: string): Promise<{ origin: string; close(): void }>;
