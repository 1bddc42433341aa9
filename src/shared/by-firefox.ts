/** Whether Firefox wrote this description: it names itself in the origin. */
export const byFirefox = (description?: RTCSessionDescription | null): boolean => /^o=mozilla/m.test(description?.sdp ?? '');
