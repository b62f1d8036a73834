// The service worker of a paper that keeps nothing on its readers' devices: it removes what an earlier
// one kept, and itself.
const worker = self as unknown as { skipWaiting(): Promise<void>; registration: ServiceWorkerRegistration };
addEventListener("install", () => void worker.skipWaiting());
addEventListener("activate", (e) =>
	(e as Event & { waitUntil(work: Promise<unknown>): void }).waitUntil(
		caches
			.keys()
			.then((all) => Promise.all(all.filter((name) => name.startsWith("depesche-")).map((name) => caches.delete(name))))
			.then(() => worker.registration.unregister()),
	),
);

export {};
