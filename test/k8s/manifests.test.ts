import {describe, expect, it} from 'vitest';
import {findKustomize, type Manifest, manifestFaults, renderOverlay} from '#test/support/kubernetes.ts';

const kustomize = findKustomize();
const overlays = ['k8s/base', 'k8s/overlays/kubeedge'];

describe.skipIf(kustomize === undefined)('the rendered manifests (needs kustomize)', () => {
  for (const folder of overlays) {
    it(`of ${folder} fit the schemas of Kubernetes and hold no unknown field`, async () => {
      const manifests = renderOverlay(kustomize!, folder);
      expect(manifests.length).toBeGreaterThan(0);
      for (const manifest of manifests)
        expect({manifest: `${manifest.kind} ${manifest.metadata.name}`, faults: await manifestFaults(manifest)}).toEqual({
          manifest: `${manifest.kind} ${manifest.metadata.name}`,
          faults: [],
        });
    });
  }

  it('are checked by a check that finds a wrong type and an unknown field', async () => {
    const [deployment] = renderOverlay(kustomize!, 'k8s/base').filter(manifest => manifest.kind === 'Deployment');
    const broken = structuredClone(deployment!) as Manifest & {
      spec: {replicas: unknown; template: {spec: {containers: Record<string, unknown>[]}}};
    };
    broken.spec.replicas = 'one';
    broken.spec.template.spec.containers[0]!['imagePullPolice'] = 'Always';
    const faults = await manifestFaults(broken);
    expect(faults.filter(fault => fault.includes('/spec/replicas'))).not.toEqual([]);
    expect(faults).toContain('/spec/template/spec/containers/0/imagePullPolice: unknown field');
  });

  it('run nothing as root, write nowhere but into volumes and ask the API server for nothing', () => {
    for (const folder of overlays) {
      const deployment = renderOverlay(kustomize!, folder).find(manifest => manifest.kind === 'Deployment')!;
      const pod = (deployment['spec'] as {template: {spec: Record<string, unknown>}}).template.spec as {
        automountServiceAccountToken: boolean;
        securityContext: {runAsNonRoot: boolean};
        containers: {
          securityContext: {readOnlyRootFilesystem: boolean; allowPrivilegeEscalation: boolean; capabilities: {drop: string[]}};
          resources: {limits: object};
        }[];
      };
      expect(pod.automountServiceAccountToken).toBe(false);
      expect(pod.securityContext.runAsNonRoot).toBe(true);
      for (const {securityContext, resources} of pod.containers) {
        expect(securityContext).toEqual({readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: {drop: ['ALL']}});
        expect(Object.keys(resources.limits).sort()).toEqual(['cpu', 'memory']);
      }
    }
  });
});
